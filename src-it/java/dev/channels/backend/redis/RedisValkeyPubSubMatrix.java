package dev.channels.backend.redis;

@OnInstalled("valkey-server")
final class RedisValkeyPubSubMatrix extends RedisPubSubContractBrokerIT {}
