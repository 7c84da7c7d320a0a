package dev.channels.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.ChannelsException;
import dev.channels.endpoint.Doors;
import dev.channels.endpoint.policy.ClientCode;
import dev.channels.endpoint.policy.DoorsFixture;
import dev.channels.test.ManualScheduler;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SseDoorTest {

    private final List<Object> calls = new ArrayList<>();
    private Set<String> taken = Set.of();

    private final SseDoor door =
            new SseDoor(
                    new Doors(
                            null,
                            DoorsFixture.settings("same-origin"),
                            ClientCode.NONE,
                            Runnable::run,
                            new ManualScheduler()),
                    new SseSettings("/events", 10, Duration.ofSeconds(25)));

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private final ServletRegistration.Dynamic registration =
            proxy(
                    ServletRegistration.Dynamic.class,
                    (self, method, arguments) -> {
                        if (method.getName().equals("setAsyncSupported")) {
                            calls.add(arguments[0]);
                            return null;
                        }
                        calls.addAll(List.of((String[]) arguments[0]));
                        return taken;
                    });

    private final ServletContext context =
            proxy(ServletContext.class, (self, method, arguments) -> registration);

    @Test
    void servletIsOnItsPathAndAsynchronous() {
        door.register(context);
        assertThat(calls).containsExactly(true, "/events");
    }

    /** Where servlets are there before CDI is, the door is not. */
    @Test
    void servletOfALaterDoorAsksForItWithARequestOnly() {
        Supplier<SseDoor> none =
                () -> {
                    throw new IllegalStateException("asked");
                };
        SseDoor.register(context, "/late", none);
        assertThat(calls).containsExactly(true, "/late");
        LateServlet servlet = new LateServlet(() -> none.get().servlet());
        assertThatThrownBy(
                        () ->
                                servlet.service(
                                        proxy(HttpServletRequest.class, (self, m, a) -> null),
                                        proxy(HttpServletResponse.class, (self, m, a) -> null)))
                .hasMessage("asked");
    }

    @Test
    void pathOfTheApplicationIsNotTaken() {
        taken = Set.of("/events");
        assertThatThrownBy(() -> door.register(context))
                .isInstanceOf(ChannelsException.class)
                .hasMessageContaining("/events")
                .hasMessageContaining("channels.sse-path");
    }
}
