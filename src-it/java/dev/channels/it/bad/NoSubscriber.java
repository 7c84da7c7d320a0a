package dev.channels.it.bad;

/** Neither a subscriber nor an encoder. */
public class NoSubscriber {}
