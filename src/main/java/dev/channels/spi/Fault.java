package dev.channels.spi;

/**
 * What is wrong with the value of a {@linkplain Key key}.
 *
 * @param what what is wrong
 * @param remedy what to do
 */
public record Fault(String what, String remedy) {}
