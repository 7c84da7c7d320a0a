package dev.channels.endpoint.policy;

import dev.channels.ClientAuthenticator;
import dev.channels.ClientAuthorizer;
import org.jspecify.annotations.Nullable;

/**
 * The beans of the application that are asked about clients.
 *
 * @param authenticator says who a client is, or null
 * @param authorizer says what it may do, or null
 */
public record ClientCode(
        @Nullable ClientAuthenticator authenticator, @Nullable ClientAuthorizer authorizer) {

    /** An application that decides nothing itself. */
    public static final ClientCode NONE = new ClientCode(null, null);
}
