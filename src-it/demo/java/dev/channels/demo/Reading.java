package dev.channels.demo;

import java.time.Instant;

/**
 * What the thermometer read. An ordinary object: the plugin publishes it as JSON.
 *
 * @param time when
 * @param celsius how warm it was
 * @param node whose thermometer it is
 */
public record Reading(Instant time, double celsius, String node) {}
