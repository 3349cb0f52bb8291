"""The control API: how tests, the page and the cases player act as people and bend the weather."""
