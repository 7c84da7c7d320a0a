package dev.channels.event;

import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.enterprise.util.Nonbinding;
import jakarta.inject.Qualifier;
import java.io.Serial;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Objects;

/**
 * Observes the events of a channel, whichever node they were published on:
 *
 * <pre>
 *   void changed(&#64;ObservesAsync &#64;FromChannel("orders") Order order) { … }
 * </pre>
 *
 * <p>The method is called on every node (unless {@link #once} says otherwise), while the
 * application runs, for one event after another in the order of the channel, on a managed thread
 * with the context of the application and a request scope of its own; {@code @Observes} and
 * {@code @ObservesAsync} mean the same here. Each method has a subscription of its own: one that is
 * slow, or throws, harms no other. What it throws is counted ({@code statistics().skipped()}) and
 * logged once per episode, and the next event follows. So does a payload that is not what the
 * parameter says. An event that finds the backlog of a slow method full is dropped as {@code
 * channels.subscriber-backlog-strategy} says.
 *
 * <p>The parameter is a {@link dev.channels.ChannelEvent}, the payload as a {@code String} or as
 * {@code byte[]}, or any other type, which JSON-B makes of the payload.
 *
 * <p>A channel that is not declared, and whatever else cannot work, fails the deployment.
 */
@Qualifier
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PARAMETER, ElementType.FIELD, ElementType.METHOD})
public @interface FromChannel {

    /**
     * The name of the channel, or of a family of channels, which ends in an asterisk: {@code
     * order-*} stands for every name that begins with {@code order-} and goes on.
     *
     * <p>Of a family the method has the events from its start on, in order for each channel, of
     * channels that come into being later, too; it is called for one event after another. {@link
     * #history}, {@link #start} and {@link #once} are of one channel. The backend must tell in
     * which channels something is published, as {@code memory} and {@code postgresql} do; with
     * another one the deployment fails.
     *
     * @return the name
     */
    String value();

    /**
     * How many events of the channel's history come first, when the application starts.
     *
     * @return the number at most; negative for all of them
     */
    @Nonbinding
    int history() default 0;

    /**
     * After which event of the channel the method goes on, when the application starts: the text
     * form of a {@link dev.channels.Position}, such as one that the application has kept with its
     * data, or {@code "${orders.start}"}, which is the value of that property in MicroProfile
     * Config. {@code "${orders.start:}"} is nothing where there is no such property.
     *
     * <p>Events after the position that the broker has no longer are lost to the method: a warning
     * says so, and it begins with the next event. Excludes {@link #history} and {@link #once}; a
     * backend without a history, and a text that is no position, fail the deployment.
     *
     * @return the position; empty for none
     */
    @Nonbinding
    String start() default "";

    /**
     * Whether one of the nodes calls the method for each event, and not every node.
     *
     * <p>One node at a time does, in the order of the channel, and remembers in the broker how far
     * it has come: each event before the next. When it ends another one goes on there, at once or,
     * if the node has died, some seconds later; so does the first node that starts after all have
     * been stopped. So an event is handed to the method at least once, as long as the backend keeps
     * it, and twice only if a node dies, or loses the broker, between the call and the remembering.
     * What no longer fits into the backlog is read from the history. {@link #history} counts only
     * where no node has called the method before. A method that is renamed begins anew.
     *
     * <p>The backends {@code memory}, {@code redis-streams} and {@code postgresql} can do it; with
     * another one the deployment fails.
     *
     * @return false for every node
     */
    @Nonbinding
    boolean once() default false;

    /** The qualifier as an object: with it, a test fires what a channel would bring. */
    final class Literal extends AnnotationLiteral<FromChannel> implements FromChannel {

        @Serial private static final long serialVersionUID = 1L;

        /** The name of the channel. */
        private final String value;

        /**
         * Makes a qualifier.
         *
         * @param value the name of the channel
         */
        public Literal(String value) {
            this.value = Objects.requireNonNull(value, "value");
        }

        @Override
        public String value() {
            return value;
        }

        @Override
        public int history() {
            return 0;
        }

        @Override
        public String start() {
            return "";
        }

        @Override
        public boolean once() {
            return false;
        }
    }
}
