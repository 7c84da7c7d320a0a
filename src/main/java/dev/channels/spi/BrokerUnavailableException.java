package dev.channels.spi;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Says that a broker cannot be reached now, and that trying again later can help. */
public class BrokerUnavailableException extends ChannelsException {

    @Serial private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message which broker, at which address, without any secret
     * @param cause what led to it, or null
     */
    public BrokerUnavailableException(String message, @Nullable Throwable cause) {
        super(ErrorCode.BROKER_UNAVAILABLE, message, cause);
    }
}
