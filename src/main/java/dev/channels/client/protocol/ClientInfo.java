package dev.channels.client.protocol;

/**
 * Who a client is, as other clients are told.
 *
 * @param user the caller's name, empty for an anonymous one
 * @param client names the connection
 * @param connectionInfo what the application says of the connection
 * @param channelInfo what the application says of the client in this channel
 */
public record ClientInfo(String user, String client, Payload connectionInfo, Payload channelInfo) {}
