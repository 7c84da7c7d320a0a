package dev.channels.backend.redis;

@OnInstalled("redis-server")
final class RedisInstalledPubSubMatrix extends RedisPubSubContractBrokerIT {}
