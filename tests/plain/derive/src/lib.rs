//! Derives for plain columns: what the engine's sources ask of an entity component system.
//!
//! Most of them only mark a type. The one that does something makes a struct of parameters out of
//! its fields, as if it were a tuple of them.

use proc_macro::TokenStream;
use quote::quote;
use syn::{DeriveInput, ItemStruct, parse_macro_input};

/// Writes an impl without a body.
fn mark(input: &DeriveInput, of: &proc_macro2::TokenStream) -> TokenStream {
    let (name, (with, of_type, bounds)) = (&input.ident, input.generics.split_for_impl());
    quote!(impl #with #of for #name #of_type #bounds {}).into()
}

/// Something that belongs to an agent.
#[proc_macro_derive(Component)]
pub fn component(input: TokenStream) -> TokenStream {
    mark(&parse_macro_input!(input as DeriveInput), &quote!(bevy_ecs::component::Component))
}

/// Something that there is once.
#[proc_macro_derive(Resource)]
pub fn resource(input: TokenStream) -> TokenStream {
    mark(&parse_macro_input!(input as DeriveInput), &quote!(bevy_ecs::world::Resource))
}

/// A phase of a part of the turn.
#[proc_macro_derive(SystemSet)]
pub fn system_set(input: TokenStream) -> TokenStream {
    mark(&parse_macro_input!(input as DeriveInput), &quote!(bevy_ecs::schedule::SystemSet))
}

/// The name of a part of the turn.
#[proc_macro_derive(ScheduleLabel)]
pub fn schedule_label(input: TokenStream) -> TokenStream {
    mark(&parse_macro_input!(input as DeriveInput), &quote!(bevy_ecs::schedule::ScheduleLabel))
}

/// A struct of parameters.
#[proc_macro_derive(SystemParam)]
pub fn system_param(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as ItemStruct);
    let (name, (with, of_type, _)) = (&input.ident, input.generics.split_for_impl());
    let fields: Vec<_> = input.fields.iter().map(|field| &field.ident).collect();
    let types: Vec<_> = input.fields.iter().map(|field| &field.ty).collect();
    // The lifetimes under which it is handed out, by the names it knows them by.
    let handed = input.generics.lifetimes().map(|of| match of.lifetime.ident {
        ref ident if ident == "w" => quote!('world),
        _ => quote!('state),
    });
    let handed = handed.collect::<Vec<_>>();
    quote! {
        impl #with bevy_ecs::system::SystemParam for #name #of_type {
            type State = <(#(#types,)*) as bevy_ecs::system::SystemParam>::State;
            type Lent = <(#(#types,)*) as bevy_ecs::system::SystemParam>::Lent;
            type Item<'world, 'state> = #name<#(#handed),*>;
            fn begin(world: &mut bevy_ecs::world::World) -> Self::State {
                <(#(#types,)*) as bevy_ecs::system::SystemParam>::begin(world)
            }
            fn lend(state: &Self::State, world: &mut bevy_ecs::world::World) -> Self::Lent {
                <(#(#types,)*) as bevy_ecs::system::SystemParam>::lend(state, world)
            }
            fn view<'world, 'state>(
                state: &'state mut Self::State,
                lent: &'world mut Self::Lent,
            ) -> Self::Item<'world, 'state> {
                let (#(#fields,)*) =
                    <(#(#types,)*) as bevy_ecs::system::SystemParam>::view(state, lent);
                #name { #(#fields),* }
            }
            fn give_back(
                state: &Self::State,
                lent: Self::Lent,
                world: &mut bevy_ecs::world::World,
            ) {
                <(#(#types,)*) as bevy_ecs::system::SystemParam>::give_back(state, lent, world);
            }
        }
    }
    .into()
}
