"""What only the wearer can say: six questions, and what may go with twitching, by the day."""
