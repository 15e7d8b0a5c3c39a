"""From a breakdown to a stripboard."""
