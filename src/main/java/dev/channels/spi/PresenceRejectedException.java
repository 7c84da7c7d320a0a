package dev.channels.spi;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import java.io.Serial;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says that a broker that is there could not keep who is there in some channels, and has done what
 * was asked of it in the others.
 */
public class PresenceRejectedException extends ChannelsException {

    @Serial private static final long serialVersionUID = 1L;

    /** Why each channel was refused. */
    private final transient Map<String, Throwable> rejected;

    /**
     * Makes an exception.
     *
     * @param rejected the names of the refused channels, each with the reason
     */
    public PresenceRejectedException(Map<String, Throwable> rejected) {
        super(ErrorCode.PRESENCE_FAILED, rejected.size() + " channels were refused");
        this.rejected = Map.copyOf(rejected);
    }

    /**
     * Returns which channels were refused.
     *
     * @return their names
     */
    public Set<String> channels() {
        return rejected.keySet();
    }

    /**
     * Returns why a channel was refused.
     *
     * @param channel its name
     * @return the reason, or null if it was not refused
     */
    public @Nullable Throwable reasonFor(String channel) {
        return rejected.get(channel);
    }
}
