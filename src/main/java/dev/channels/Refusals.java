package dev.channels;

/**
 * How often clients were refused, at all doors of this node, by what refused them.
 *
 * @param origin handshakes and requests from pages whose origin is not allowed
 * @param identity clients that a {@link ClientAuthenticator} refused, or whose token nobody checks
 * @param policy what a policy or a {@link ClientAuthorizer} refused, the channels of other users
 *     among it
 * @param limits what was one too many: connections, channels, commands
 */
public record Refusals(long origin, long identity, long policy, long limits) {

    /** Nobody has been refused. */
    public static final Refusals NONE = new Refusals(0, 0, 0, 0);
}
