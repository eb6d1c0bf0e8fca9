"""What a 备课组 knows and may do. Rules live here once; no chat, no network, no clock of its own."""
