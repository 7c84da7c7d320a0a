package dev.channels;

import java.io.Serial;

/** Refuses a client, with a reason that it is told. */
public final class ClientRefusedException extends ChannelsException {

    @Serial private static final long serialVersionUID = 1L;

    private static final int PERMISSION_DENIED = 103;
    private static final int LEAST = 400;
    private static final int GREATEST = 1999;

    /** What the client is told. */
    private final int code;

    /** Why, in words. */
    private final String reason;

    /**
     * Makes a refusal.
     *
     * @param reason for the client: short, and without secrets
     */
    public ClientRefusedException(String reason) {
        super(ErrorCode.FORBIDDEN, reason);
        this.code = PERMISSION_DENIED;
        this.reason = reason;
    }

    /**
     * Makes a refusal with a code of the application's own, for clients of the client endpoint.
     *
     * @param code 400 to 1999
     * @param reason for the client: short, and without secrets
     * @throws IllegalArgumentException if it is another code
     */
    public ClientRefusedException(int code, String reason) {
        super(ErrorCode.FORBIDDEN, reason);
        if (code < LEAST || code > GREATEST) {
            throw new IllegalArgumentException(
                    "A code of the application's own is from 400 to 1999, not " + code);
        }
        this.code = code;
        this.reason = reason;
    }

    /**
     * Returns the code that a client of the client endpoint is told.
     *
     * @return that of the application, or 103: permission denied
     */
    public int code() {
        return code;
    }

    /**
     * Returns what the client is told.
     *
     * @return the reason, without a code
     */
    public String reason() {
        return reason;
    }
}
