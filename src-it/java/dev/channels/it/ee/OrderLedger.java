package dev.channels.it.ee;

import dev.channels.ChannelEvent;
import dev.channels.event.FromChannel;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.naming.InitialContext;

/** Notes who observed what, and what was around it. */
@ApplicationScoped
public class OrderLedger {

    private final List<String> seen = new CopyOnWriteArrayList<>();

    @Inject private RequestNotes request;

    void changed(@ObservesAsync @FromChannel("orders") Order order) {
        note("bean", order);
    }

    void event(@ObservesAsync @FromChannel("orders") ChannelEvent event) {
        seen.add("event " + event.text());
    }

    void family(@ObservesAsync @FromChannel("order-*") ChannelEvent event) {
        seen.add("family " + event.channel() + " " + event.text());
    }

    void note(String observer, Order order) {
        seen.add(
                observer
                        + " "
                        + order.getId()
                        + " loader="
                        + canLoad()
                        + " comp="
                        + hasComp()
                        + " request="
                        + request.count());
    }

    String seen(String observer) {
        return String.join(
                "\n", seen.stream().filter(line -> line.startsWith(observer + " ")).toList());
    }

    private static boolean canLoad() {
        try {
            Class.forName(
                    OrderLedger.class.getName(),
                    false,
                    Thread.currentThread().getContextClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static boolean hasComp() {
        try {
            return new InitialContext().lookup("java:comp/DefaultManagedExecutorService") != null;
        } catch (Exception e) {
            return false;
        }
    }
}
