package dev.channels;

import java.util.concurrent.CompletionStage;

/**
 * Turns what a client sent into a caller, where the container cannot: a browser can set no header
 * at a WebSocket handshake. A CDI bean of the application that implements this is asked at each
 * connect of a client of the client endpoint, and at each refresh.
 *
 * <p>Called on threads of the managed executor, and by several at once; should not block. Its
 * answer is waited for, with a bound. Whatever fails in it is an error for that client, and never a
 * way in.
 */
@FunctionalInterface
public interface ClientAuthenticator {

    /**
     * Begins to find out who a client is.
     *
     * @param credentials what it sent
     * @return completes with the caller, {@link Caller#ANONYMOUS} included; or with a {@link
     *     ClientRefusedException} if the client is not to be let in; any other failure is logged,
     *     and the client may try again
     */
    CompletionStage<Caller> authenticate(ClientCredentials credentials);
}
