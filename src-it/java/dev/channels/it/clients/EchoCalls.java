package dev.channels.it.clients;

import dev.channels.ClientCall;
import dev.channels.ClientCalls;
import dev.channels.ClientRefusedException;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers a call with what came, refuses one, and fails at another. */
@ApplicationScoped
public class EchoCalls implements ClientCalls {

    private final List<String> sent = new CopyOnWriteArrayList<>();

    @Override
    public Object rpc(ClientCall call) {
        return switch (call.method()) {
            case "echo" -> call.data();
            case "who" -> List.of(call.client().id());
            case "sent" -> sent;
            case "refuse" -> throw new ClientRefusedException(1000, "not today");
            default -> throw new IllegalStateException("secret");
        };
    }

    @Override
    public void send(ClientCall message) {
        sent.add(new String(message.data(), StandardCharsets.UTF_8));
    }
}
