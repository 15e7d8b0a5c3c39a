"""`pa`, and `python -m assistant`."""


def main() -> None:
    """Run the command line."""
    from assistant.interfaces.cli.main import cli

    cli()


if __name__ == "__main__":
    main()
