"""The pages' JavaScript components."""
