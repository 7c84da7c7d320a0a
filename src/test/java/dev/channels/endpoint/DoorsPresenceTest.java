package dev.channels.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.Caller;
import dev.channels.ChannelsPlugin;
import dev.channels.PresentClient;
import dev.channels.endpoint.policy.ClientCode;
import dev.channels.endpoint.policy.DoorSettings;
import dev.channels.endpoint.policy.DoorsFixture;
import dev.channels.test.LogCapture;
import java.lang.reflect.Proxy;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What others may see of a client. */
class DoorsPresenceTest {

    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);

    private Doors doors(DoorSettings settings) {
        ChannelsPlugin plugin =
                (ChannelsPlugin)
                        Proxy.newProxyInstance(
                                ChannelsPlugin.class.getClassLoader(),
                                new Class<?>[] {ChannelsPlugin.class},
                                (self, method, arguments) -> {
                                    throw new AssertionError(method);
                                });
        return new Doors(plugin, settings, ClientCode.NONE, Runnable::run, scheduler);
    }

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    @Test
    void isWhatTheApplicationSays() {
        Caller ann = Caller.named("ann").withInfo("{}");
        assertThat(doors(DoorsFixture.withPresence()).present("1", ann, "a", "[1]"))
                .isEqualTo(new PresentClient("1", "ann", "{}", "[1]"));
    }

    @Test
    void isNothingWhereNoPolicyKeepsIt() {
        assertThat(doors(DoorsFixture.settings("*")).present("1", Caller.ANONYMOUS, "a", null))
                .isNull();
    }

    @Test
    void leavesOutWhatIsTooLong() {
        String info = "\"" + "ä".repeat(1024) + "\"";
        try (LogCapture log = new LogCapture()) {
            Doors doors = doors(DoorsFixture.withPresence());
            assertThat(doors.present("1", Caller.ANONYMOUS.withInfo(info), "a", info))
                    .isEqualTo(new PresentClient("1", "", null, null));
            assertThat(log.messages("CHANNELS0033")).hasSize(1).noneMatch(it -> it.contains("ä"));
        }
    }
}
