package dev.channels;

import java.io.Serial;

/** Refuses a client, with a reason that it is told. */
public final class ClientRefusedException extends ChannelsException {

    @Serial private static final long serialVersionUID = 1L;

    /** What the client is told. */
    private final String reason;

    /**
     * Makes a refusal.
     *
     * @param reason for the client: short, and without secrets
     */
    public ClientRefusedException(String reason) {
        super(ErrorCode.FORBIDDEN, reason);
        this.reason = reason;
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
