package dev.channels;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks of the application, over the client endpoint. Immutable.
 *
 * @see ClientCalls
 */
public final class ClientCall {

    private final ConnectedClient client;
    private final String method;
    private final byte[] data;

    /**
     * Makes a call; used by the client endpoint, and by tests of the application.
     *
     * @param client who calls
     * @param method what is called, as the client named it; may be empty
     * @param data what comes with it; taken over, so it must not be changed any more
     */
    public ClientCall(ConnectedClient client, String method, byte[] data) {
        this.client = Objects.requireNonNull(client, "client");
        this.method = Objects.requireNonNull(method, "method");
        this.data = Objects.requireNonNull(data, "data");
    }

    /**
     * Returns who calls.
     *
     * @return the client, as long as it is connected
     */
    public ConnectedClient client() {
        return client;
    }

    /**
     * Returns what is called.
     *
     * @return the name that the client gave; empty where it gave none
     */
    public String method() {
        return method;
    }

    /**
     * Returns what comes with the call: JSON where the client speaks JSON, any bytes otherwise.
     *
     * @return a copy; empty for nothing
     */
    public byte[] data() {
        return data.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ClientCall that
                && client.equals(that.client)
                && method.equals(that.method)
                && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return Objects.hash(client, method);
    }

    /** Returns method and size, never the data: it may be a secret. */
    @Override
    public String toString() {
        return "ClientCall[" + method + ", " + data.length + " bytes]";
    }
}
