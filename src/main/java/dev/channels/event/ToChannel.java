package dev.channels.event;

import dev.channels.ChannelsPlugin;
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
 * Publishes what is fired with it to a channel:
 *
 * <pre>
 *   &#64;Inject &#64;ToChannel("orders") Event&lt;Order&gt; orders;
 *   …
 *   orders.fire(order);
 * </pre>
 *
 * <p>What is fired is published as {@link ChannelsPlugin#publish(Object, String...)} does, in the
 * thread that fires: at once, or after the commit where {@code channels.publish-in-transaction} or
 * {@link #afterCommit()} says so. What {@code publish} throws, {@code fire} throws. {@code
 * fireAsync} publishes on a thread of the container, so in no transaction and in no certain order.
 *
 * <p>A channel that is not declared fails the deployment, if its name is known by then. This
 * qualifier is for events that are fired; who wants to hear of a channel observes {@link
 * FromChannel}.
 */
@Qualifier
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.METHOD})
public @interface ToChannel {

    /**
     * The name of the channel. A property of what is fired stands in it in braces: {@code
     * order-{id}} with the value of the record's component {@code id}, of the public method {@code
     * id()}, {@code getId()} or {@code isId()}, or of the public field {@code id}.
     *
     * @return the name
     */
    @Nonbinding
    String value();

    /**
     * Whether to publish after the commit of the transaction, whatever the configuration says.
     *
     * @return false to do as the configuration says
     */
    @Nonbinding
    boolean afterCommit() default false;

    /** The qualifier for a name that is known at run time only: {@code event.select(literal)}. */
    final class Literal extends AnnotationLiteral<ToChannel> implements ToChannel {

        @Serial private static final long serialVersionUID = 1L;

        /** The name of the channel. */
        private final String value;

        /** Whether to wait for the commit. */
        private final boolean afterCommit;

        /**
         * Makes a qualifier that publishes as the configuration says.
         *
         * @param value the name of the channel
         */
        public Literal(String value) {
            this(value, false);
        }

        /**
         * Makes a qualifier.
         *
         * @param value the name of the channel
         * @param afterCommit as {@link ToChannel#afterCommit()}
         */
        public Literal(String value, boolean afterCommit) {
            this.value = Objects.requireNonNull(value, "value");
            this.afterCommit = afterCommit;
        }

        @Override
        public String value() {
            return value;
        }

        @Override
        public boolean afterCommit() {
            return afterCommit;
        }
    }
}
