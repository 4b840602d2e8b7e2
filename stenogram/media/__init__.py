"""Programs that read media: what stands between a hostile file and this process. Light: the API uses it too."""
