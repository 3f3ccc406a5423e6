"""Forms: the shape of what people send. Whether it makes sense is the deeds' business."""
