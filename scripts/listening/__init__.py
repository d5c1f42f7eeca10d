"""What measures and trains the ears: people, synthetic voices, conditions. Not shipped."""
