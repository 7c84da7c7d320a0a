package dev.channels.it.custom;

/** Not to be seen by JSON-B as it is. */
public record Temperature(double celsius) {}
