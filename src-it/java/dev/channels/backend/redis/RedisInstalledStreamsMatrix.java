package dev.channels.backend.redis;

@OnInstalled("redis-server")
final class RedisInstalledStreamsMatrix extends RedisStreamsContractBrokerIT {}
