"""What becomes of a referral: booked at the other place, sent back, or called off by who had sent her."""

BOOKED, RETURNED, RECALLED = "booked", "returned", "recalled"
REASONS = ("operatif", "medis", "alat", "lain")  # coarse, as everything that leaves the examination room
