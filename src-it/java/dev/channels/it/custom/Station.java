package dev.channels.it.custom;

/** Where something was read; it has no properties that JSON-B sees. */
public record Station(int number) {}
