"""Many scripts in one go: claimed from a store, worked on by processes of this machine or a cluster, reported."""
