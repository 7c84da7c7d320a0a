package dev.channels.cdi;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says what a server lacks where a class could not be loaded: servers do not. */
final class MissingApi {

    /** What cannot be done without, by its package. */
    private static final Map<String, String> NEEDED =
            Map.of(
                    "org.eclipse.microprofile.config.",
                    "MicroProfile Config (on Open Liberty the feature mpConfig-3.1, on Tomcat"
                            + " io.smallrye.config:smallrye-config in WEB-INF/lib)",
                    "jakarta.enterprise.",
                    "CDI (on Open Liberty the feature cdi-4.0)",
                    "jakarta.json.bind.",
                    "JSON Binding (on Open Liberty the feature jsonb-3.0)",
                    "jakarta.json.",
                    "JSON Processing (on Open Liberty the feature jsonp-2.1), which the client"
                            + " endpoint speaks with",
                    "jakarta.websocket.",
                    "Jakarta WebSocket (on Open Liberty the feature websocket-2.1)");

    private MissingApi() {}

    /**
     * Logs what is missing: some servers show nothing of what fails a deployment.
     *
     * @param failure what was thrown when a class was needed
     * @return what to throw instead
     * @throws LinkageError the failure itself, if it is about something else
     */
    static ChannelsException explained(LinkageError failure) {
        String missing = of(failure);
        if (missing == null) {
            throw failure;
        }
        ChannelsException explained =
                new ChannelsException(
                        ErrorCode.START_FAILED,
                        "The server does not give the application "
                                + missing
                                + ", which its channels need. Enable or add it.",
                        failure);
        Log.warn(explained.errorCode(), "The deployment fails", explained);
        return explained;
    }

    private static @Nullable String of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String type = String.valueOf(cause.getMessage()).replace('/', '.');
            String known = null;
            for (String prefix : NEEDED.keySet()) {
                if (type.contains(prefix) && (known == null || prefix.length() > known.length())) {
                    known = prefix;
                }
            }
            if (known != null) {
                return NEEDED.get(known);
            }
        }
        return null;
    }
}
