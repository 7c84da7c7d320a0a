package dev.channels.backend.redis;

import dev.channels.backend.redis.pubsub.PubSubRun;
import dev.channels.spi.contract.Promise;

class RedisPubSubContractBrokerIT extends RedisContract {

    RedisPubSubContractBrokerIT() {
        super(
                new RedisPubSubBackendFactory(),
                Promise.atMostOnce().withPayloadLimit(PubSubRun.MAX_PAYLOAD));
    }
}
