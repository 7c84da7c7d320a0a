package dev.channels.console;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.Caller;
import dev.channels.endpoint.Doors;
import dev.channels.endpoint.policy.Access;
import dev.channels.endpoint.policy.ClientCode;
import dev.channels.endpoint.policy.DoorsFixture;
import dev.channels.endpoint.request.Handshake;
import dev.channels.test.ManualScheduler;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleRequestsTest {

    private final Doors doors =
            new Doors(
                    null,
                    DoorsFixture.settings("same-origin"),
                    ClientCode.NONE,
                    Runnable::run,
                    new ManualScheduler());
    private final FakeSource source = new FakeSource();
    private final ConsoleClients clients = new ConsoleClients();
    private final ConsoleRequests requests =
            new ConsoleRequests(
                    doors,
                    new Access(List.of("ops")),
                    source,
                    new StateWriter(source, clients, System::nanoTime),
                    clients);
    private final HttpServletRequest request =
            (HttpServletRequest)
                    Proxy.newProxyInstance(
                            getClass().getClassLoader(),
                            new Class<?>[] {HttpServletRequest.class},
                            (self, method, arguments) ->
                                    Map.<String, Object>of(
                                                    "isAsyncSupported", true, "getMethod", "GET")
                                            .get(method.getName()));

    /** Each takes a place among those who look, of which there are few. */
    @Test
    void operatorsWhoAreGoneBeforeTheirStreamBeginsTakeNobodysPlace() {
        HttpServletResponse gone =
                (HttpServletResponse)
                        Proxy.newProxyInstance(
                                getClass().getClassLoader(),
                                new Class<?>[] {HttpServletResponse.class},
                                (self, method, arguments) -> {
                                    if (method.getName().equals("flushBuffer")) {
                                        throw new IOException("gone");
                                    }
                                    return null;
                                });
        var operator =
                new ConsoleRequests.Operator(
                        new Handshake("console", null, Caller.named("alice"), "session", this));
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> requests.stream(operator, new Query(null), request, gone))
                    .as("the place of the " + i + "th")
                    .hasMessage("gone");
        }
    }
}
