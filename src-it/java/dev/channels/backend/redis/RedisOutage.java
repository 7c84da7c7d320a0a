package dev.channels.backend.redis;

import dev.channels.spi.contract.Outage;

/** Kills the broker, and starts it again. */
record RedisOutage(RedisBroker broker) implements Outage {

    @Override
    public void begin() {
        broker.kill();
    }

    @Override
    public void end() {
        if (!broker.isActive()) {
            broker.start();
        }
    }
}
