package dev.channels.cdi;

import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The beans of the application that implement a type of this library. They are taken as the
 * container announces them, since the bean manager that Payara gives to an extension sees the beans
 * of its own archive only.
 */
final class ApplicationBeans {

    private final List<Bean<?>> beans = new CopyOnWriteArrayList<>();

    /** Takes a bean if it has one of the types. */
    void see(Bean<?> bean, Class<?>... types) {
        for (Class<?> type : types) {
            if (bean.getTypes().contains(type)) {
                beans.add(bean);
                return;
            }
        }
    }

    /** Returns the beans of a type. */
    List<Bean<?>> of(Class<?> type) {
        List<Bean<?>> found = new ArrayList<>(beans);
        found.removeIf(bean -> !bean.getTypes().contains(type));
        return found;
    }

    /** Returns what the application would be injected with. */
    static <T> T reference(BeanManager manager, Bean<?> bean, Class<T> type) {
        return type.cast(manager.getReference(bean, type, manager.createCreationalContext(bean)));
    }
}
