"""The Record: one run as plain data, which every face and the replay read and nothing else."""
