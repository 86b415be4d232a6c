"""The Record: one run as plain data, which every format and the replay read; its form, what identifies it, and its seal."""
