// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PlainToken} from "./PlainToken.sol";

/// @notice Keeps a tenth of every transfer.
contract FeeToken is PlainToken {
    function _update(address from, address to, uint256 amount) internal override {
        if (from == address(0) || to == address(0)) return super._update(from, to, amount);
        super._update(from, address(0xFEE), amount / 10);
        super._update(from, to, amount - amount / 10);
    }
}

/// @notice Says false instead of reverting, when told to.
contract FalseToken is PlainToken {
    bool public refuses;

    function refuse(bool refuses_) external {
        refuses = refuses_;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        return !refuses && super.transfer(to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        return !refuses && super.transferFrom(from, to, amount);
    }
}

/// @notice Moves nothing and says true.
contract LyingToken is PlainToken {
    function transferFrom(address, address, uint256) public pure override returns (bool) {
        return true;
    }
}

/// @notice Reverts for whom it does not like.
contract BlocklistToken is PlainToken {
    error Blocked();

    mapping(address => bool) public blocked;

    function setBlocked(address account, bool isBlocked) external {
        blocked[account] = isBlocked;
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (blocked[from] || blocked[to]) revert Blocked();
        super._update(from, to, amount);
    }
}

/// @notice Calls back a contract, both when it is paid out and when it is paid in, before the balance changes.
contract HookToken is PlainToken {
    address public hooked;

    function hook(address account) external {
        hooked = account;
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (hooked != address(0)) IHook(hooked).onTransfer();
        super._update(from, to, amount);
    }
}

interface IHook {
    function onTransfer() external;
}

/// @notice Returns nothing, as some old tokens do.
contract SilentToken {
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external {
        allowance[msg.sender][spender] = amount;
    }

    function transfer(address to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

/// @notice Answers a payment with whatever it was given: too short, too long, not a boolean.
contract OddToken is PlainToken {
    bytes private _answer;

    function answer(bytes calldata data) external {
        _answer = data;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        super.transfer(to, amount);
        bytes memory data = _answer;
        assembly {
            return(add(data, 0x20), mload(data))
        }
    }
}
