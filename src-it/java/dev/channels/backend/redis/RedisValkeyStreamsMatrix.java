package dev.channels.backend.redis;

@OnInstalled("valkey-server")
final class RedisValkeyStreamsMatrix extends RedisStreamsContractBrokerIT {}
