package dev.channels.event;

/** The broker is reachable again, and all subscriptions are in force. */
public record BrokerBack() implements LifeEvent {}
