package dev.channels.spi;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import java.io.Serial;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says that a broker refused some publications of a batch for good, and accepted the others. */
public class PublicationsRejectedException extends ChannelsException {

    @Serial private static final long serialVersionUID = 1L;

    /** Why each of them was refused. */
    private final transient Map<Publication, Throwable> rejected;

    /**
     * Makes an exception.
     *
     * @param rejected the refused publications, each with the reason
     */
    public PublicationsRejectedException(Map<Publication, Throwable> rejected) {
        super(ErrorCode.PUBLISH_FAILED, rejected.size() + " publications were refused");
        this.rejected = Map.copyOf(rejected);
    }

    /**
     * Returns why a publication was refused.
     *
     * @param publication one of the batch
     * @return the reason, or null if it was accepted
     */
    public @Nullable Throwable reasonFor(Publication publication) {
        return rejected.get(publication);
    }
}
