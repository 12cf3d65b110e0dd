"""The one look: tables, figures written for people, tags, styles and scripts."""
