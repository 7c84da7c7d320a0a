package dev.channels.backend.redis;

import dev.channels.spi.contract.Promise;

class RedisStreamsContractBrokerIT extends RedisContract {

    RedisStreamsContractBrokerIT() {
        super(new RedisStreamsBackendFactory(), Promise.once(HISTORY));
    }
}
