"""One run of a protocol: its values, the bench with its reagents, the ledger of who holds what, the steps and the verbs."""
