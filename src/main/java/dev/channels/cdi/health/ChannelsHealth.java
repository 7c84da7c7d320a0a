package dev.channels.cdi.health;

import dev.channels.cdi.status.ApplicationStatus;
import java.util.Locale;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.jspecify.annotations.Nullable;

/**
 * Readiness: whether new clients are welcome. There is no liveness, since nothing of the library is
 * mended by a restart: a broker that is away comes back by itself.
 */
final class ChannelsHealth implements HealthCheck {

    private final Supplier<@Nullable ApplicationStatus> status;

    ChannelsHealth(Supplier<@Nullable ApplicationStatus> status) {
        this.status = status;
    }

    @Override
    public HealthCheckResponse call() {
        ApplicationStatus current = status.get();
        if (current == null) {
            return HealthCheckResponse.named("channels").down().build();
        }
        return HealthCheckResponse.named("channels")
                .status(current.isReady())
                .withData("phase", current.phase().name().toLowerCase(Locale.ROOT))
                .withData("backend", current.backend())
                .withData("broker", current.isBrokerUp() ? "reachable" : "lost")
                .withData("connections", current.connections())
                .withData("subscribers", current.statistics().subscribers())
                .withData("waiting-publishes", current.statistics().waitingPublishes())
                .build();
    }
}
