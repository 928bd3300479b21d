"""Play against pain: a slow drift through an ice canyon."""
