"""What measures voicecoach's promises: one file a topic, each with its `figures`. Not shipped."""
