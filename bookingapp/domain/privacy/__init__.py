"""What is held about a person: finding it, handing it out, erasing it, and forgetting by itself."""
