"""The Record: one run as plain data, which every format and the replay read; what identifies it, and its seal."""
